// A hospital finds something wrong with what came: it says so with a weight and a photo, and the seller answers.
import { expectSound, open, visit, watch } from './look';
import { expect, test } from './market';

test.use({ moment: 'delivered' });

test('a receiver claims with a weight and a photo, the seller grants a part, and nothing waits any more @phone', async ({ page, as, market }) => {
  const errors = watch(page);
  await as('union');
  await visit(page, '/');
  const came = page.locator('.todo li', { hasText: '到的货等您验收' }).filter({ hasText: '柳林' });
  await came.getByRole('link').tap();
  await expect(page.getByRole('heading', { name: '验收和索赔' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('凤翔柳林苹果合作社');
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: '收到' }), "one's own come first, with what they are").toHaveText([/^协和医院 · 苹果 · 2月4日 15:50/, /^协和医院 · 苹果 · 2月4日 16:00/, /^中南医院 · 苹果 · 2月4日 17:10/]);
  const id = /orders[/](.+)[/]claims/.exec(page.url())![1]!;
  await page.locator('summary', { hasText: '要索赔' }).tap();
  await page.getByLabel('哪一车').selectOption({ index: 1 });
  await page.getByLabel('有问题的重量', { exact: true }).fill('12.5');
  await page.getByLabel('原因').fill('底层腐烂 🍎');
  await expectSound(page, errors);
  // Without a photo it is told so at the field, and what was typed stays.
  await page.getByRole('button', { name: '提出索赔' }).tap();
  await expect(page.getByRole('alert')).toContainText('照片');
  await expect(page.getByLabel('有问题的货的照片')).toBeFocused();
  await page.getByLabel('有问题的货的照片').setInputFiles({ name: 'rot.png', mimeType: 'image/png', buffer: await page.screenshot() });
  await expect(page.getByRole('img', { name: /有问题的货/ })).toBeVisible();
  await page.getByRole('button', { name: '提出索赔' }).tap();
  await expect(page.getByText('索赔 12.5 kg')).toBeVisible();
  await expect(page.getByRole('img', { name: /有问题的货/ }), 'the photo went with its claim').toHaveCount(0);
  await expect(page.getByLabel('有问题的货的照片')).toHaveValue('');
  const [claim] = await market.ask('union', 'GET', `/orders/${id}/claims`);
  expect(claim).toMatchObject({ grams: 12_500, reason: '底层腐烂 🍎', state: 'open' });
  expect((await page.request.get('/api/photos/' + claim.photo)).headers()['content-type']).toMatch(/^image\//);

  await as('liulin');
  await visit(page, '/');
  await page.getByRole('link', { name: '有人索赔' }).tap();
  const granted = page.getByLabel('认多少', { exact: true });
  await granted.fill('13');
  await page.getByRole('button', { name: '按这个重量认赔' }).tap();
  await expect(granted).toBeFocused(); // more than was claimed
  await open(page);
  await expectSound(page, errors);
  await granted.fill('10');
  await page.getByRole('button', { name: '按这个重量认赔' }).tap();
  await expect(page.getByText('认 10 kg')).toBeVisible();
  expect((await market.ask('liulin', 'GET', `/orders/${id}/claims`))[0]).toMatchObject({ granted_grams: 10_000, state: 'agreed' });
  expect((await market.ask('liulin', 'GET', '/todo')).map((v: any) => v.kind)).not.toContain('claim');
});

test('a receiver with nothing against what came says so, and is asked no more @phone', async ({ page, as, market }) => {
  await as('zhongnan');
  await visit(page, '/');
  await page.locator('.todo li', { hasText: '到的货等您验收' }).filter({ hasText: '彪角' }).getByRole('link').tap();
  page.on('dialog', (d) => d.accept());
  await page.getByRole('button', { name: '收下，没有问题' }).tap();
  await expect(page.getByText('已接受')).toBeVisible();
  await expect(page.getByRole('button', { name: '收下，没有问题' })).toHaveCount(0);
  expect((await market.ask('zhongnan', 'GET', '/todo')).filter((v: any) => v.kind === 'accept')).toHaveLength(1);
});
