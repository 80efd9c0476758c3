// Package sheet reads a day's loads and trucks from a file, JSON, CSV or Excel, and writes the plan as JSON, CSV or one page.
package sheet
