import { createMemoryStore } from '@routewise/core'
import { testStore } from './store.ts'

testStore('memory', clock => createMemoryStore({ clock }))
