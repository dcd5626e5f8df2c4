"""Chats of the house: robots of WeCom, DingTalk and Feishu that put a message into a group."""
