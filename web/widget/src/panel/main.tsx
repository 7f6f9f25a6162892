import { render } from 'preact'
import '@shared/tokens.css'
import './panel.css'
import { App } from './app.tsx'

const inbox = new URLSearchParams(location.search).get('inbox') ?? 'web'
render(<App inbox={inbox} />, document.getElementById('app')!)
