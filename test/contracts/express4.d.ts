// The version before, under another name; as far as the endpoint goes its types are those of today.
declare module 'express4' {
  import express from 'express'
  export default express
}
