// The launcher's and the frame's style. Colours come from tokens.css at build time (see tokens_at_build.ts):
// a host page does not carry our tokens, and a closed shadow root keeps its own.
declare const LIGHT: typeof import('../../tokens_at_build.ts').light
declare const DARK: typeof import('../../tokens_at_build.ts').dark

export const launcherCss = `
:host{all:initial;position:fixed;z-index:2147483000;inset-block-end:0;inset-inline-end:0;width:0;height:0}
button{all:unset;box-sizing:border-box;cursor:pointer;position:fixed;inset-block-end:calc(20px + env(safe-area-inset-bottom));inset-inline-end:20px;width:56px;height:56px;border-radius:16px 16px 4px 16px;display:grid;place-items:center;background:${LIGHT.binding};color:${LIGHT.binding_active};box-shadow:${LIGHT.shadow_2}}
button:dir(rtl){border-radius:16px 16px 16px 4px}
button:focus-visible{outline:2px solid ${LIGHT.focus};outline-offset:2px}
svg{width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:3.2;stroke-linecap:round;stroke-linejoin:round}
b{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:20px;height:20px;box-sizing:border-box;padding:0 5px;border-radius:10px;background:${LIGHT.accent};color:${LIGHT.text_on_accent};font:600 12px/20px system-ui,sans-serif;text-align:center;font-variant-numeric:tabular-nums}
[hidden]{display:none!important}
iframe{position:fixed;inset-block-end:calc(92px + env(safe-area-inset-bottom));inset-inline-end:20px;width:388px;max-width:calc(100vw - 40px);height:min(648px,calc(100dvh - 120px));border:0;border-radius:14px;background:${LIGHT.surface_near};box-shadow:${LIGHT.shadow_3};color-scheme:normal}
[data-theme=dark]{background:${DARK.binding};color:${DARK.binding_active};box-shadow:${DARK.shadow_2}}
[data-theme=dark]:focus-visible{outline-color:${DARK.focus}}
[data-theme=dark] b{background:${DARK.accent};color:${DARK.text_on_accent}}
iframe[data-theme=dark]{background:${DARK.surface_near};box-shadow:${DARK.shadow_3}}
@media(max-width:767px){iframe{inset:0;width:100vw;max-width:none;height:100dvh;border-radius:0}button[aria-expanded=true]{visibility:hidden}}
@media(forced-colors:active){button{border:2px solid ButtonText}}
@media(prefers-reduced-motion:no-preference){iframe{animation:put .22s cubic-bezier(.2,.7,.2,1)}@keyframes put{from{opacity:0;transform:translateY(8px)}}}
@media print{:host{display:none}}
`
