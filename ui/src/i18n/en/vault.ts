// Words of the screens about the encrypted data on this computer, English.

import type { vault as source } from '../id/vault';
import type { Translation } from '../translation';

export const vault: Translation<typeof source> = {
  passphrase_title: 'Choose a passphrase for your data',
  passphrase_lead: 'Only once. Afterwards it is asked for each time the app opens.',
  why_title: 'Why is a passphrase needed?',
  why_1: 'Your NIK and personal data are stored encrypted on this computer.',
  why_2:
    'Usually the computer’s password store keeps the encryption key. On this computer there is none, or it cannot be used.',
  why_3: 'So the key is locked with a phrase that only you know.',
  trouble_locked: 'The computer’s password store is still locked',
  trouble_locked_text: 'If you open it first (GNOME: “Passwords and Keys”; KDE: “KWallet”), no passphrase is needed.',
  trouble_failed: 'The computer’s password store does not answer',
  trouble_failed_text: 'You can try it once more, or choose a passphrase.',
  trouble_retry: 'Try the password store again',
  trouble_retrying: 'Trying…',
  forget_title: 'We cannot open it for you',
  forget_text:
    'The phrase is sent nowhere. If it is forgotten, nobody can open what is not sent yet on this computer. Write it down and keep it in a safe place.',
  passphrase: 'Passphrase',
  passphrase_hint:
    'At least 12 characters. Four random words are easy to remember and hard to guess, such as names of things around you.',
  passphrase_confirmation: 'Repeat the passphrase',
  create: 'Lock and go on',
  creating: 'Locking the data…',
  locked_title: 'Open the data on this computer',
  locked_lead:
    'Your data is encrypted and complete. This is not the password of your account, and it needs no internet.',
  locked_passphrase_hint: 'The phrase that you chose when you first used this app.',
  unlock: 'Open',
  unlocking: 'Opening…',
  keyring_title: 'The computer’s password store is still locked',
  keyring_lead: 'The key of your data is in there. Nothing is lost.',
  keyring_step_1:
    'Sign in to the computer with your computer’s password, or open its password store (GNOME: “Passwords and Keys”; KDE: “KWallet”).',
  keyring_step_2: 'Come back here and press “Try to open again”.',
  retry: 'Try to open again',
  lost_title: 'Cannot be opened at all?',
  lost_text: 'You can start with empty data. The old data is set aside, not deleted.',
  set_aside: 'Start with empty data…',
  set_aside_title: 'Start with empty data?',
  set_aside_text:
    'The old data is not deleted: its file gets another name in the same folder and stays encrypted. What the office received comes back after you sign in. What was not sent stays in the old file.',
  set_aside_confirm: 'Yes, set the old data aside',
  set_aside_busy: 'Setting aside…',
  help: 'Read the help about this',
  path: 'Place of the file, for the help desk:',
  key_missing: 'The key of the data was not found',
  key_missing_text:
    'The encrypted data is there, but its key is not in this computer’s password store. Nothing was deleted and no new key was made.',
  key_missing_do:
    'If you changed the password store or your profile, or installed the system anew, bring the old one back and try again.',
  wrong_key: 'The key that was found does not belong to this data',
  wrong_key_text: 'The data file may come from another computer, or its key was replaced. The data was not changed.',
  wrong_key_do: 'Bring the original file or password store back and try again.',
  damaged: 'The data file is damaged',
  damaged_text:
    'The data file on this computer cannot be read any more, for example after a power cut or a disk problem. The file was not touched.',
  damaged_do: 'If you have a backup, put the file back and try again. What the office received is not lost.',
  newer_schema: 'This data belongs to a newer version',
  newer_schema_text:
    'The app on this computer is older than the one that last stored data. To be safe, the data was not opened.',
  newer_schema_do: 'Install the newest version of this app and open it again. There is no need to start empty.',
  disk_full: 'The computer’s disk is full',
  disk_full_text: 'The data cannot be opened safely because no space is left.',
  disk_full_do: 'Free a few hundred megabytes, for example in Downloads or the bin, and try again.',
  in_use: 'Another window uses the data',
  in_use_text: 'This app is open in another window or session. Two windows may not write the same data.',
  in_use_do: 'Go to that window, or close it and try again here.',
  no_encryption: 'This app was built without encryption',
  no_encryption_text: 'This copy of the app cannot encrypt data, so it may not store anything. Nothing was written.',
  no_encryption_do: 'Install the app again from the right source. Your data has not changed.',
  failed: 'The data cannot be opened yet',
  failed_text:
    'Something went wrong inside this app. Nothing says that your data is harmed, and its file was not changed.',
  failed_do: 'Try to open again, or close this app and open it again. If this stays, ask the help desk.',
  no_access: 'The data folder cannot be opened',
  no_access_text: 'This computer does not allow the app to read or write in its data folder.',
  no_access_do: 'Check the permissions of the folder below, or ask the owner of the computer to, and try again.',
};
