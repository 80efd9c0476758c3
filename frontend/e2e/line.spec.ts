// A form on a line that is down, a server that fails, and one that does not answer: nothing typed is lost, one sentence says what to
// do. (That an act sent again is done once is held by rules.spec.ts.)
import { visit } from './look';
import { expect, grantOf, test } from './market';

test.use({ moment: 'listed' });

test('a form brings back what was typed, and says so of nothing that it filled in by itself', async ({ page, as }) => {
  await as('union');
  const there = async () => {
    await visit(page, '/demands/new');
    await expect(page.getByText('代表：')).toBeVisible();
  };
  const kept = page.getByText('上次没发完的内容还在。');
  await there();
  await there();
  await expect(kept).toHaveCount(0);
  await page.getByLabel('品名').fill('苹果');
  await there();
  await expect(kept).toBeVisible();
  await expect(page.getByLabel('品名')).toHaveValue('苹果');
});

test('a form outlives a line that is down, a server that fails and one that never answers', async ({ page, as, market, context }) => {
  const firm = await grantOf(market, 'firm');
  const terms = () => market.ask('firm', 'GET', `/parties/${firm.party}/credit-terms`);
  await page.clock.install({ time: new Date(market.at) });
  await as('finance');
  await visit(page, '/credit-terms');
  await page.getByLabel('哪一类买方').selectOption('donor');
  await page.getByRole('combobox', { name: '买方', exact: true }).selectOption({ label: firm.party_name });
  await page.getByLabel('额度（元）').fill('50,000');
  await page.getByLabel('账期（天）').fill('45');
  const button = page.getByRole('button', { name: '定下来' });
  const says = async (sentence: string) => {
    await expect(page.getByRole('alert')).toHaveCount(1);
    await expect(page.getByRole('alert')).toContainText(sentence);
    await expect(page.getByLabel('额度（元）')).toHaveValue('50,000');
    await expect(page.getByLabel('账期（天）')).toHaveValue('45');
    await expect(button, 'it can be sent again').toBeEnabled();
    await expect(terms(), 'nothing was set').rejects.toThrow('404');
  };

  await context.setOffline(true);
  await button.click();
  await says('没有网络。已填的内容还在');
  await context.setOffline(false);

  let how: 'fails' | 'hangs' = 'fails';
  let asked = () => {};
  await page.route('**/api/parties/*/credit-terms', async (route) => {
    if (route.request().method() === 'GET') return route.continue();
    asked();
    if (how === 'fails') await route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"status":500}' });
  });
  await button.click();
  await says('内容没有丢');

  how = 'hangs';
  const hanging = new Promise<void>((resolve) => (asked = resolve));
  await button.click();
  await hanging;
  await page.clock.fastForward(30_000); // slow, and still waited for
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.clock.fastForward(16_000);
  await says('服务器太久没有回答。已填的内容还在');

  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await button.click();
  await expect(page.getByText('¥50,000.00').first()).toBeVisible();
  expect(await terms()).toMatchObject({ limit_fen: 5_000_000, days: 45 });
});
