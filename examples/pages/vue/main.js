import { createApp, h, Suspense } from 'vue';

import Pay from './Pay.vue';

createApp(() => h(Suspense, () => h(Pay))).mount('#app');
