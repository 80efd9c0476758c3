// Package notices tells people what they asked to hear: that an offer fits their need or a need their offer, and that a
// search they saved finds something new.
package notices
