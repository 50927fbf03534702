"""How alike the heights of one field are, and which of them is found sharpest."""
