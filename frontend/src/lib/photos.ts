// Photos come first and never hold anybody up: one is made small on the phone, kept on it, and goes up when the network
// lets it. Until then a form or an act speaks of it as "local:KEY".

import { actKey, upload } from '../api/server';
import { dropPhoto, keepPhoto, keptPhoto } from './device';

/** The longer side that a photo is brought down to, in pixels: enough to read a scale or a box's label. */
const SIDE = 1600;
const LOCAL = 'local:';

export const isLocal = (photo: unknown): photo is string => typeof photo === 'string' && photo.startsWith(LOCAL);

/** What was chosen is no picture, or none this phone can open. */
export class NotAPhoto extends Error {}

/** Keeps a chosen file as a small JPEG and gives the word to speak of it by. */
export async function take(file: Blob): Promise<string> {
  const key = actKey();
  await keepPhoto({ key, photo: await small(file) });
  return LOCAL + key;
}

/** The picture behind such a word, to be shown. */
export async function pictureOf(photo: string): Promise<Blob | undefined> {
  return (await keptPhoto(photo.slice(LOCAL.length)))?.photo;
}

/** The photo's name on the server; it goes up first when it has not yet. A word of the server is given back as it is. */
export async function uploaded(photo: string): Promise<string> {
  if (!isLocal(photo)) return photo;
  const kept = await keptPhoto(photo.slice(LOCAL.length));
  if (!kept) return '';
  if (!kept.id) {
    kept.id = (await upload('/photos', { photo: kept.photo }, kept.key)).id;
    await keepPhoto(kept);
  }
  return kept.id;
}

/** The photo's name on the server as far as it is there; nothing while it is still on its way. */
export async function nameOf(photo: string): Promise<string | undefined> {
  return isLocal(photo) ? (await keptPhoto(photo.slice(LOCAL.length)))?.id : photo;
}

/** What was sent holds the photo's name: the phone need not keep it any longer. */
export async function forget(photo: string): Promise<void> {
  if (isLocal(photo)) await dropPhoto(photo.slice(LOCAL.length));
}

async function small(file: Blob): Promise<Blob> {
  const picture = await decode(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext('2d')!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const out = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
  if (!out) throw new NotAPhoto();
  return out;
}

/** An <img> turns the picture as the camera held it, in every browser that is still in use. */
async function decode(file: Blob): Promise<HTMLImageElement> {
  const picture = new Image();
  const url = URL.createObjectURL(file);
  try {
    picture.src = url;
    await picture.decode();
    return picture;
  } catch {
    throw new NotAPhoto();
  } finally {
    URL.revokeObjectURL(url);
  }
}
