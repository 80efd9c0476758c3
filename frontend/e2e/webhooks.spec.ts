// A party's other system hears of what happens: added, tried, refused, sent again, deleted; on the real server, which sends to a
// real one on this machine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectSound, visit, watch } from './look';
import { expect, test } from './market';

/** A system that notes what it is sent, and answers what it is told to. */
async function system() {
  const heard: { type: string; signature: string }[] = [];
  const answer = { status: 200 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      heard.push({ type: JSON.parse(body).type, signature: String(request.headers['webhook-signature']) });
      response.writeHead(answer.status).end('noted');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jishi`, heard, answer, close: () => server.close() };
}

for (const lang of ['zh-CN', 'en'] as const) {
  const say = (zh: string, en: string) => (lang === 'en' ? en : zh);

  test.describe(lang, () => {
    test.use({ moment: 'listed', lang });

    test(`a webhook is added, tried, sent again and deleted (${lang}) ${lang === 'en' ? '@desk' : '@phone'}`, async ({ page, as, market }, info) => {
      const errors = watch(page);
      const shot = (name: string) => process.env.JISHI_SHOTS && page.screenshot({ path: `${process.env.JISHI_SHOTS}/${info.project.name}-${lang}-${name}.png`, fullPage: true });
      const other = await system();
      page.on('dialog', (dialog) => void dialog.accept());
      await as('liulin');
      await visit(page, '/account');
      await page.getByRole('link', { name: /Webhook/ }).click();
      await expect(page.getByText(say('还没有推送地址。', 'There are no webhooks yet.'))).toBeVisible();
      await page.locator('summary', { hasText: say('加一个地址', 'Add a webhook') }).click();
      await page.getByLabel(say('推到哪个网址', 'Address to send to')).fill('ftp://example.org');
      await page.getByRole('button', { name: say('加上', 'Add it') }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expect(page.getByLabel(say('推到哪个网址', 'Address to send to'))).toBeFocused();
      await expectSound(page, errors);
      await page.getByLabel(say('推到哪个网址', 'Address to send to')).fill(other.url);
      await page.getByRole('button', { name: say('加上', 'Add it') }).click();
      const secret = await page.getByText(/^whsec_/).innerText();
      await expect(page.getByRole('link', { name: other.url })).toBeVisible();
      await expectSound(page, errors);
      await shot('webhook-secret');
      await page.reload();
      await page.getByRole('link', { name: other.url }).click();
      await expect(page.getByText(say('还没有推送过。', 'Nothing was sent yet.'))).toBeVisible();
      expect(await page.content()).not.toContain(secret);

      other.answer.status = 500;
      await page.getByRole('button', { name: say('发一条试试', 'Send a test') }).click();
      await expect.poll(() => other.heard.map((h) => h.type)).toEqual(['webhook.test']);
      expect(other.heard[0]!.signature).toMatch(/^v1,/);
      const again = page.getByRole('button', { name: say('再看一次', 'Look again') });
      await expect(async () => {
        await again.click();
        await expect(page.getByText(say('试了 1 次', '1 try'))).toBeVisible({ timeout: 1000 });
      }).toPass();
      await page.locator('summary', { hasText: say('每一次', 'Every try') }).click();
      await expect(page.getByText(/500/)).toBeVisible();
      await expectSound(page, errors);
      await shot('webhook-log');

      other.answer.status = 200;
      await page.getByRole('button', { name: say('再发一次', 'Send once more') }).click();
      await expect(async () => {
        await again.click();
        await expect(page.locator('.tag', { hasText: say('已送达', 'delivered') })).toBeVisible({ timeout: 1000 });
      }).toPass();
      expect(other.heard.length).toBeGreaterThanOrEqual(2);

      await page.getByRole('button', { name: say('先停一停', 'Pause it') }).click();
      await expect(page.getByText(say('已停 · 是您停的', 'stopped · paused by you'))).toBeVisible();
      await expect(page.getByRole('button', { name: say('再发一次', 'Send once more') })).toHaveCount(0);
      await page.getByRole('button', { name: say('接着推', 'Let it go on') }).click();
      await page.getByRole('button', { name: say('换密钥', 'New secret') }).click();
      await expect(page.getByText(/^whsec_/)).not.toHaveText(secret);
      await page.getByRole('button', { name: say('抄好了', 'I have copied it') }).click();
      await expect(page.getByText(/^whsec_/)).toHaveCount(0);
      await page.locator('summary', { hasText: say('改地址或听的事', 'Change the address or what it hears') }).click();
      await page.getByLabel(say('车次', 'Trips'), { exact: true }).check();
      await page.getByRole('button', { name: say('保存', 'Save') }).click();
      await expect(page.getByText('order.* trip.*')).toBeVisible();
      await expectSound(page, errors);
      await page.getByRole('button', { name: say('删掉', 'Delete') }).click();
      await expect(page.getByText(say('还没有推送地址。', 'There are no webhooks yet.'))).toBeVisible();
      other.close();
    });
  });
}
