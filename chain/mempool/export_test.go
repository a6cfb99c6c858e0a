package mempool

// Review is for tests of what happens when the chain moves while it makes a
// template.
var Review = (*Pool).review
