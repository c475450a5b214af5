// What makes the pages quick. Every page works without it; each module binds itself by data attributes.
document.documentElement.classList.add("scripted");

import { keyboard } from "./keyboard.js";
import { inbox } from "./inbox.js";
import { forms } from "./form.js";
import { uploads } from "./upload.js";
import { menus } from "./menu.js";
import { theme } from "./theme.js";
import { diagrams } from "./diagram.js";
import { notices } from "./notices.js";
import { dialogs } from "./dialog.js";
import { pickers } from "./picker.js";
import { selecting } from "./select.js";
import { undoing } from "./undo.js";
import { replays } from "./replay.js";

menus();
theme();
inbox();
forms();
uploads();
keyboard();
diagrams();
notices();
dialogs();
pickers();
selecting();
undoing();
replays();
