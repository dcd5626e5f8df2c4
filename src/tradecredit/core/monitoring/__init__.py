"""Early warning: signals about customers, the rules that raise alerts, and how often they may speak."""
