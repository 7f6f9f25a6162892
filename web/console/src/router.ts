// Where everything is. Pages other than the inbox come in chunks of their own.
import { createRouter, createWebHistory } from 'vue-router'
import InboxDesk from '@/inbox/InboxDesk.vue'
import { useSession } from '@/stores/session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', redirect: { name: 'inbox', params: { view: 'mine' } } },
    { path: '/login', name: 'login', component: () => import('@/login/LoginPage.vue'), meta: { open: true } },
    // The token may also stand behind a #, where it never reaches a server's log.
    { path: '/:kind(links|link|invite|reset|setup)/:token?', name: 'link', component: () => import('@/login/LinkPage.vue'), meta: { open: true } },
    {
      path: '/inbox/:view(mine|unassigned|team|all|snoozed|mentions|drafts|failed)/:conversation(\\d+)?',
      name: 'inbox',
      component: InboxDesk,
    },
    { path: '/inbox', redirect: { name: 'inbox', params: { view: 'mine' } } },
    { path: '/search', name: 'search', component: () => import('@/search/SearchPage.vue') },
    { path: '/profile', name: 'profile', component: () => import('@/pages/ProfilePage.vue') },
    {
      path: '/admin',
      component: () => import('@/admin/AdminPage.vue'),
      children: [
        { path: '', name: 'admin', redirect: { name: 'admin-people' } },
        { path: 'people', name: 'admin-people', component: () => import('@/admin/PeoplePage.vue') },
        { path: 'teams', name: 'admin-teams', component: () => import('@/admin/TeamsPage.vue') },
        { path: 'skills', name: 'admin-skills', component: () => import('@/admin/SkillsPage.vue') },
        { path: 'inboxes/:id?', name: 'admin-inboxes', component: () => import('@/admin/InboxesPage.vue') },
        { path: 'tags', name: 'admin-tags', component: () => import('@/admin/TagsPage.vue') },
        { path: 'tokens', name: 'admin-tokens', component: () => import('@/admin/TokensPage.vue') },
        { path: 'status', name: 'admin-status', component: () => import('@/admin/StatusPage.vue') },
      ],
    },
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('@/pages/NowherePage.vue') },
  ],
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (session.state === 'unknown' && to.name !== 'link') await session.restore()
  if (to.meta.open) return session.state === 'in' && to.name === 'login' ? { name: 'inbox', params: { view: 'mine' } } : true
  // Who may not see conversations begins where they may do something.
  if (session.state === 'in' && !session.reads && (to.name === 'inbox' || to.name === 'search')) return session.manages ? { name: 'admin' } : { name: 'profile' }
  if (session.state === 'out') return { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  return true
})

// A chunk of an older version that is gone from the server: the page itself has to be fetched anew, once.
const shelf = 'parley.reloaded'
router.onError((error, to) => {
  if (!/dynamically imported module|Importing a module script failed/u.test(String(error))) return
  const last = Number(sessionStorage.getItem(shelf) ?? 0)
  if (Date.now() - last < 60_000) return
  sessionStorage.setItem(shelf, String(Date.now()))
  location.assign(to.fullPath)
})
