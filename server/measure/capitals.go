package measure

import (
	"strconv"
	"strings"
)

var (
	capitalDigits = []string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}
	capitalUnits  = []string{"", "拾", "佰", "仟"}
	capitalGroups = []string{"", "万", "亿"}
)

// Capitals writes an amount (>= 0, below 10^12 yuan) in the Chinese capitals of receipts and bank papers (大写), after the rules of the
// People's Bank of China for filling in bills and settlement papers (正确填写票据和结算凭证的基本规定, 银发〔1997〕393号, annex 1): one
// 零 for zeros in the middle, 整 behind yuan or jiao.
func (f Fen) Capitals() string {
	yuan, jiao, fen := int64(f)/100, int64(f)/10%10, int64(f)%10
	s := "人民币"
	if yuan > 0 || f == 0 {
		s += capitalYuan(yuan) + "元"
	}
	switch {
	case jiao == 0 && fen == 0:
		return s + "整"
	case jiao > 0:
		s += capitalDigits[jiao] + "角"
	case yuan > 0:
		s += "零"
	}
	if fen == 0 {
		return s + "整"
	}
	return s + capitalDigits[fen] + "分"
}

func capitalYuan(yuan int64) string {
	if yuan == 0 {
		return capitalDigits[0]
	}
	var b strings.Builder
	digits := strconv.FormatInt(yuan, 10)
	gap, group := false, false // zeros wait to be written; something of this group of four was written
	for i, c := range digits {
		place := len(digits) - 1 - i
		if c == '0' {
			gap = true
		} else {
			if gap {
				b.WriteString(capitalDigits[0])
			}
			b.WriteString(capitalDigits[c-'0'] + capitalUnits[place%4])
			gap, group = false, true
		}
		if place%4 == 0 && group {
			b.WriteString(capitalGroups[place/4])
			group = false
		}
	}
	return b.String()
}
