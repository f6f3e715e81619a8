// What a test asks Thunderbird, in Thunderbird's own words. Arguments: the job's name, its arguments, the callback.
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { MailUtils } = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const { CalAttendee } = ChromeUtils.importESModule("resource:///modules/CalAttendee.sys.mjs");
const { CalEvent } = ChromeUtils.importESModule("resource:///modules/CalEvent.sys.mjs");
const { setTimeout } = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");

const PATIENCE = 60000;

async function until(what, condition) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const found = await condition();
    if (found) {
      return found;
    }
    await new Promise(resolve => setTimeout(resolve, 30));
  }
  throw new Error(`never: ${what}`);
}

const calendar = () => cal.manager.getCalendars()[0];
const mailWindow = () => Services.wm.getMostRecentWindow("mail:messageWindow");
const mailView = () => mailWindow().messageBrowser.contentWindow;

// A day as YYYYMMDD, an instant in UTC seconds.
const time = value => (value.isDate ? value.icalString : value.nativeTime / 1000000);

function described(item) {
  const lines = item.recurrenceInfo?.getRecurrenceItems() ?? [];
  return {
    summary: item.title,
    location: item.getProperty("LOCATION"),
    organizer: item.organizer.id,
    attendees: Object.fromEntries(item.getAttendees().map(one => [one.id, one.participationStatus])),
    sequence: Number(item.getProperty("SEQUENCE")),
    status: item.status?.toLowerCase() ?? null,
    rules: lines.filter(one => !one.isNegative).map(one => one.icalProperty.icalString.trim().replace(/^RRULE:/, "")),
    start: time(item.startDate),
    end: time(item.endDate),
    rid: item.recurrenceId ? time(item.recurrenceId) : null,
  };
}

// The item whole and one line for each occurrence that differs.
function all(item) {
  const rids = item.recurrenceInfo?.getExceptionIds() ?? [];
  return [described(item), ...rids.map(rid => described(item.recurrenceInfo.getExceptionFor(rid)))];
}

async function delivered(path) {
  const inbox = MailServices.accounts.getAccount("account1").incomingServer.rootFolder.getChildNamed("Inbox");
  const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile);
  file.initWithPath(path);
  const key = await new Promise((resolve, reject) => {
    let made = null;
    const listener = {
      QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
      onStartCopy() {},
      onProgress() {},
      setMessageKey(one) {
        made = one;
      },
      getMessageId: () => null,
      onStopCopy(status) {
        if (Components.isSuccessCode(status)) {
          resolve(made);
        } else {
          reject(new Error(`not delivered: ${status}`));
        }
      },
    };
    MailServices.copy.copyFileMessage(file, inbox, null, false, 0, "", listener, null);
  });
  return inbox.GetMessageHeader(key);
}

const jobs = {
  // The program is up; its one calendar is switched on, as a person does once.
  async ready() {
    await until("main window", () => Services.wm.getMostRecentWindow("mail:3pane")?.document.readyState == "complete");
    await until("calendar", () => calendar());
    calendar().setProperty("disabled", false);
    await until("organizer", () => calendar().getProperty("organizerId"));
    return Services.appinfo.version;
  },

  // A mail comes in and is opened: what its reader sees, once the calendar was asked.
  async show(path) {
    mailWindow()?.close();
    await until("closed", () => !mailWindow());
    const header = await delivered(path);
    MailUtils.openMessageInNewWindow(header);
    await until("mail", () => mailWindow()?.messageBrowser?.contentWindow?.msgLoaded);
    const bar = mailView().calImipBar;
    if (bar.loadingItipItem) {
      await until("invitation", () => bar.itipItem);
    }
    const body = await until("text", () => mailView().document.getElementById("messagepane").contentDocument?.body);
    return {
      subject: header.mime2DecodedSubject,
      method: bar.itipItem?.receivedMethod ?? null,
      action: bar.actionFunc?.method ?? null,
      sender: bar.itipItem?.sender ?? null,
      buttons: bar.getButtons().filter(one => one.id && !one.hidden).map(one => one.id),
      title: body.querySelector("#imipHtml-summary-content")?.innerText,
      when: body.querySelector("#imipHtml-when-content")?.innerText,
      text: body.innerText,
      attachments: mailView().currentAttachments.map(one => [one.contentType, one.name]),
    };
  },

  // A button above the mail; done when there is nothing left to do with it.
  async press(id) {
    const bar = mailView().calImipBar;
    const before = bar.actionFunc;
    const button = mailView().document.getElementById(id);
    if (button.hidden) {
      throw new Error(`${id} is not there`);
    }
    button.doCommand();
    await until("done", () => bar.actionFunc !== before);
    return true;
  },

  async events(uid) {
    const item = await calendar().getItem(uid);
    return item ? all(item) : [];
  },

  async occurrences(uid, start, end) {
    const item = await calendar().getItem(uid);
    const [from, to] = [start, end].map(one => cal.dtz.jsDateToDateTime(new Date(one * 1000), cal.dtz.UTC));
    return item.recurrenceInfo.getOccurrences(from, to, 0).map(one => [time(one.startDate), time(one.endDate)]);
  },

  // A calendar file as the import reads it.
  async parse(text) {
    const parser = Cc["@mozilla.org/calendar/ics-parser;1"].createInstance(Ci.calIIcsParser);
    parser.parseString(text);
    const message = Cc["@mozilla.org/calendar/itip-item;1"].createInstance(Ci.calIItipItem);
    message.init(text);
    return {
      method: message.receivedMethod,
      events: parser.getItems().flatMap(all),
      left: parser.getComponents().length,
    };
  },

  // What the reader of a counter-proposal is shown as the difference.
  async counter() {
    const bar = mailView().calImipBar;
    const [proposed] = bar.itipItem.getItemList();
    const [found] = bar.foundItems;
    const rid = proposed.recurrenceId;
    const original = rid ? found.recurrenceInfo.getOccurrenceFor(rid) : found;
    const read = cal.invitation.parseCounter(proposed, original);
    return {
      result: read.result.type,
      differences: Object.fromEntries(
        read.differences.map(one => [one.property, one.proposed?.icalString ?? String(one.proposed)])
      ),
    };
  },

  // A meeting of this program's person, sent to a guest as the event window does.
  async invite(text, guest) {
    const event = new CalEvent(text);
    event.calendar = calendar();
    event.organizer = cal.itip.createOrganizer(calendar());
    const attendee = new CalAttendee();
    attendee.id = `mailto:${guest}`;
    attendee.participationStatus = "NEEDS-ACTION";
    attendee.rsvp = "TRUE";
    attendee.role = "REQ-PARTICIPANT";
    event.addAttendee(attendee);
    event.setProperty("X-MOZ-SEND-INVITATIONS", "TRUE");
    const added = await calendar().addItem(event);
    cal.itip.checkAndSend(Ci.calIOperationListener.ADD, added, null, { responseMode: Ci.calIItipItem.AUTO });
    return added.id;
  },

  // The meeting takes place later, and its guests are asked again.
  async postpone(uid, seconds) {
    const item = await calendar().getItem(uid);
    const moved = item.clone();
    for (const name of ["startDate", "endDate"]) {
      const when = moved[name].clone();
      when.addDuration(cal.createDuration(`PT${seconds}S`));
      moved[name] = when;
    }
    const changed = await calendar().modifyItem(cal.itip.prepareSequence(moved, item), item);
    cal.itip.checkAndSend(Ci.calIOperationListener.MODIFY, changed, item, { responseMode: Ci.calIItipItem.AUTO });
    return true;
  },

  // The meeting is deleted, and whoever was invited hears of it.
  async call_off(uid) {
    const item = await calendar().getItem(uid);
    await calendar().deleteItem(item);
    cal.itip.checkAndSend(Ci.calIOperationListener.DELETE, item, null, { responseMode: Ci.calIItipItem.AUTO });
    return true;
  },
};

const [name, ...rest] = arguments;
const done = rest.pop();
jobs[name](...rest).then(
  value => done({ value }),
  error => done({ error: `${error}\n${error.stack ?? ""}` })
);
