package main

// rotations are the offsets of rho, by lane x + 5y (FIPS 202, table 2).
var rotations = [25]int{
	0, 1, 62, 28, 27,
	36, 44, 6, 55, 20,
	3, 10, 43, 25, 39,
	41, 45, 15, 21, 8,
	18, 2, 61, 56, 14,
}

// source returns the lane that pi takes to a lane.
func source(lane int) int {
	x, y := lane%5, lane/5
	return (x+3*y)%5 + 5*x
}

// nonceRotation says whether a lane that chi of the first round takes depends
// on the nonce, and how far the nonce is rotated in it. The nonce is in lane 9;
// theta spreads it to column 0 and, one bit further, to column 3.
func nonceRotation(lane int) (rotation int, depends bool) {
	switch from := source(lane); {
	case from == 9 || from%5 == 0:
		return rotations[from], true
	case from%5 == 3:
		return rotations[from] + 1, true
	}
	return 0, false
}
