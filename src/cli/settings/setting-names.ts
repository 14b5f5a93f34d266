/** What `pali config` can set: a list of its own, which help and completion read without the settings' machinery. */
export const settingNames = ['default-model', 'device', 'dtype', 'keep-alive', 'mask-decoder-url'] as const;
export type SettingName = (typeof settingNames)[number];
