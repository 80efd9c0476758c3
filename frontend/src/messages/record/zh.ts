/** What a seller did with its orders. */
export const zh = {
  'record.year': '近一年：{0}',
  'record.none': '没有答复过订单',
  'record.confirmed': '{0} 单接了 {1} 单',
  'record.timed_out': '过时没答 {0} 单',
  'record.called_off': '接了又取消 {0} 单',
  'record.on_time': '准时 {0}（{2} 批里 {1} 批）',
  'record.weight': '验收合格 {0}',
  'record.claims': '索赔 {0} 次',
} as const;
