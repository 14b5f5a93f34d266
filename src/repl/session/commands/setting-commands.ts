import { printablePath } from '../../../render/printable-path.js';
import { deviceNames } from '../../../base/dtype.js';
import { UsageError } from '../../../base/errors.js';
import { tell, type CommandAction, type SessionCall } from './session-call.js';
import type { Session } from '../state/session.js';
import { changeSetting, settingDefinitions, type Settings } from '../state/settings.js';
import { samplingKeys } from '../state/video-settings.js';

/** The commands that change how prompts are answered and shown. */
export const settingCommands = {
  model: switchModel,
  device: switchDevice,
  set: changeSettings,
  preview: changePreview,
} satisfies Record<string, CommandAction>;

async function switchModel(call: SessionCall): Promise<void> {
  const { session, words, line, signal } = call;
  const { model } = session.state;
  if (words.length === 0) {
    const names = await session.host.listModels();
    const rows = names.map((name): [string, string] => [name, name === model.name ? 'in use' : '']);
    session.addBlock({ type: 'table', line, rows });
    return;
  }
  await session.model.switchTo({ model: words[0], dtype: undefined, device: model.wantedDevice }, signal);
  tell(call, `model: ${session.state.model.name}`);
}

async function switchDevice(call: SessionCall): Promise<void> {
  const { session, words, signal } = call;
  const { model } = session.state;
  if (words.length === 0) {
    const running = model.device === undefined ? '' : `, runs on ${model.device}`;
    const server = model.server === undefined ? '' : ` (${printablePath(model.server)})`;
    tell(call, `device: ${model.wantedDevice}${running}${server}`);
    return;
  }
  const device = deviceNames.find((name) => name === words[0]);
  if (device === undefined) {
    throw new UsageError('COMMAND', `There is no device '${words[0]}'.`, {
      hint: `It is one of: ${deviceNames.join(', ')}.`,
    });
  }
  await session.model.switchTo({ ...session.model.choice, model: model.name, device }, signal);
  tell(call, `device: ${device}`);
}

async function changeSettings(call: SessionCall): Promise<void> {
  const { session, words, line } = call;
  const isSaved = words.includes('--save');
  const [key, ...values] = words.filter((word) => word !== '--save');
  const { settings } = session.state;
  if (key === undefined) {
    if (isSaved) {
      await session.host.saveSettings(describeAll(session, settings));
      tell(call, 'Saved: the model, the device and all settings, for later sessions.');
      return;
    }
    const rows = settingDefinitions.map(({ key: name, description, show }): [string, string] => [
      `${name} ${show(settings)}`,
      description,
    ]);
    session.addBlock({ type: 'table', line, rows });
    return;
  }
  // Without a value, a setting's current value is shown or saved.
  const known = values.length === 0 ? settingDefinitions.find((one) => one.key === key) : undefined;
  if (known !== undefined && !isSaved) {
    session.addBlock({
      type: 'table',
      line,
      rows: [[`${key} ${known.show(settings)}`, `It is ${known.range}.`]],
    });
    return;
  }
  const changed = known === undefined ? changeSetting(settings, key, values.join(' ')) : settings;
  // Save all settings that exclude each other, so that the same one applies in later sessions.
  const keys = samplingKeys.includes(key) ? samplingKeys : [key];
  if (isSaved)
    await session.host.saveSettings(Object.fromEntries(keys.map((one) => [one, showSetting(one, changed)])));
  session.store.dispatch({ type: 'settings', settings: changed });
  tell(call, `${key}: ${showSetting(key, changed)}${isSaved ? ', saved for later sessions' : ''}`);
}

function changePreview(call: SessionCall): void {
  const { session, words } = call;
  const settings = changeSetting(session.state.settings, 'preview', words[0]);
  session.store.dispatch({ type: 'settings', settings });
  tell(call, `preview: ${settings.preview}`);
}

function describeAll(session: Session, settings: Settings): Record<string, string> {
  const { name, wantedDevice } = session.state.model;
  const values = settingDefinitions.map(({ key, show }) => [key, show(settings)]);
  return { ...(Object.fromEntries(values) as Record<string, string>), model: name, device: wantedDevice };
}

function showSetting(key: string, settings: Settings): string {
  return settingDefinitions.find((one) => one.key === key)?.show(settings) ?? '';
}
