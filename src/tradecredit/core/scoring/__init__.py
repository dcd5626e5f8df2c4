"""Scores and grades: visible tables over known or missing values, with every part explained."""
