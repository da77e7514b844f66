"""What every part of the world draws from: random numbers, places, goods, habits and situations of firms."""
