import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { reportFaults } from './faults'
import { i18n } from './i18n'
import { router } from './router'
import './styles/index.css'

const app = createApp(App).use(createPinia()).use(i18n).use(router)
reportFaults(app)
app.mount('#app')
