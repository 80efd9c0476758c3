// The device's own database: acts that wait for a network, and the photos they speak of. A browser without one gets
// shelves in memory.

import { memoryShelf, type Deed, type Shelf } from './outbox';

/** A photo taken here, and its name on the server once it is there. */
export interface Kept {
  key: string;
  photo: Blob;
  id?: string;
}

const done = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  return (opened ??= (async () => {
    const open = indexedDB.open('jishi', 2);
    open.onupgradeneeded = () => {
      const have = open.result.objectStoreNames;
      if (!have.contains('deeds')) open.result.createObjectStore('deeds', { keyPath: 'id', autoIncrement: true });
      if (!have.contains('photos')) open.result.createObjectStore('photos', { keyPath: 'key' });
    };
    return done(open);
  })());
}

/** Where acts wait. */
export async function deedShelf(): Promise<Shelf> {
  try {
    const db = await database();
    const store = (mode: IDBTransactionMode) => db.transaction('deeds', mode).objectStore('deeds');
    return {
      add: (deed) => done(store('readwrite').add(deed)) as Promise<number>,
      all: () => done(store('readonly').getAll()) as Promise<Deed[]>,
      put: async (deed) => void (await done(store('readwrite').put(deed))),
      remove: async (id) => void (await done(store('readwrite').delete(id))),
    };
  } catch {
    return memoryShelf();
  }
}

const inMemory = new Map<string, Kept>();

/** Keeps a photo, or what has become of it. */
export async function keepPhoto(kept: Kept): Promise<void> {
  inMemory.set(kept.key, kept);
  try {
    await done((await database()).transaction('photos', 'readwrite').objectStore('photos').put(kept));
  } catch {
    // Without a database the photo lives as long as the page.
  }
}

/** The photo kept under a key. */
export async function keptPhoto(key: string): Promise<Kept | undefined> {
  const here = inMemory.get(key);
  if (here) return here;
  try {
    return await done((await database()).transaction('photos', 'readonly').objectStore('photos').get(key) as IDBRequest<Kept | undefined>);
  } catch {
    return undefined;
  }
}

/** The photo is on the server and in what was sent: the device need not keep it. */
export async function dropPhoto(key: string): Promise<void> {
  inMemory.delete(key);
  try {
    await done((await database()).transaction('photos', 'readwrite').objectStore('photos').delete(key));
  } catch {
    // It was in memory alone.
  }
}
