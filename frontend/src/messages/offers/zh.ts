/** What its seller and the county office do with an offer. */
export const zh = {
  'offer.checked': '卖方申请扶贫标志，县里核查通过后才上架。',
  'offer.approve': '核查通过，上架',
  'offer.send_back': '退回给卖方',
  'act.resume': '恢复出售',
  'act.close': '关闭',
} as const;
