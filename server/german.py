"""German of the pages that the server writes; the web app has its own in `server/web/src/messages`."""

SENTENCES = {
    # Titles, until a page says its own.
    "Sign in": "Anmelden",
    "Search": "Suche",
    "Ways to sign in": "Anmeldewege",
    "Notifications": "Benachrichtigungen",
    "Plan and usage": "Tarif und Verbrauch",
    "Administration": "Verwaltung",
    "There is nothing here": "Hier gibt es nichts",
    "This recording is not here": "Diese Aufnahme ist nicht hier",
    # Signing a program or a device in.
    "Sign in to Heddle": "Bei Heddle anmelden",
    "Sign in a device": "Ein Gerät anmelden",
    "This signs in “{name}”. Go on only if you have just begun that yourself.": (
        "Damit wird „{name}“ angemeldet. Machen Sie nur weiter, wenn Sie das gerade selbst begonnen haben."
    ),
    "This signs in a program on this computer. Go on only if you have just begun that yourself.": (
        "Damit wird ein Programm auf diesem Computer angemeldet. Machen Sie nur weiter, wenn Sie das gerade "
        "selbst begonnen haben."
    ),
    "E-mail": "E-Mail",
    "Password": "Passwort",
    "Code of your authenticator app, if you use one": (
        "Code aus Ihrer Authenticator-App, falls Sie eine verwenden"
    ),
    "Cancel": "Abbrechen",
    "It is shown by “{name}”.": "Er wird von „{name}“ angezeigt.",
    "Type in the code that your device shows. Go on only if you have just begun that yourself, and never "
    "with a code that somebody sent you.": (
        "Geben Sie den Code ein, den Ihr Gerät zeigt. Machen Sie nur weiter, wenn Sie das gerade selbst "
        "begonnen haben, und nie mit einem Code, den Ihnen jemand geschickt hat."
    ),
    "Code": "Code",
    "Sign the device in": "Gerät anmelden",
    "Refuse it": "Ablehnen",
    "You are {email}.": "Sie sind {email}.",
    "Other ways": "Andere Wege",
    "The device is signed in": "Das Gerät ist angemeldet",
    "You can close this page and go back to it.": "Sie können diese Seite schließen und dort weitermachen.",
    "The device was refused": "Das Gerät wurde abgelehnt",
    "It is not signed in. You can close this page.": (
        "Es ist nicht angemeldet. Sie können diese Seite schließen."
    ),
    # Signing in elsewhere.
    "The sign-in did not work": "Die Anmeldung ist nicht gelungen",
    "Sign in another way": "Auf einem anderen Weg anmelden",
    "Nothing was connected": "Es wurde nichts verbunden",
    "Nobody was signed out": "Niemand wurde abgemeldet",
    "Back": "Zurück",
    "Signed out": "Abgemeldet",
    "You are signed out here and at {provider}.": "Sie sind hier und bei {provider} abgemeldet.",
    "You are signed out here. {provider} did not confirm that you are signed out there.": (
        "Sie sind hier abgemeldet. {provider} hat nicht bestätigt, dass Sie dort abgemeldet sind."
    ),
    # Where the last line of a letter leads.
    "Get no more letters from Heddle?": "Keine Mails mehr von Heddle bekommen?",
    "{what}: get no more letters about that?": "{what}: dazu keine Mails mehr bekommen?",
    "No more letters": "Keine Mails mehr",
    "No more of these": "Keine solchen mehr",
    "No more letters at all": "Gar keine Mails mehr",
    "What happens is still shown when you sign in.": (
        "Was geschieht, sehen Sie weiterhin, wenn Sie sich anmelden."
    ),
    "Done": "Erledigt",
    "You get no more letters.": "Sie bekommen keine Mails mehr.",
    "You get no more letters about that: {what}.": "Sie bekommen dazu keine Mails mehr: {what}.",
    "Your video is ready": "Ihr Video ist bereit",
    "Your video could not be received or processed": (
        "Ihr Video konnte nicht empfangen oder verarbeitet werden"
    ),
    "Somebody mentioned you": "Jemand hat Sie erwähnt",
    "Somebody replied in a thread you take part in": "Jemand hat in einem Gespräch mit Ihnen geantwortet",
    "Somebody commented on your video": "Jemand hat Ihr Video kommentiert",
    "Somebody reacted to your video": "Jemand hat auf Ihr Video reagiert",
    "Your video was watched": "Ihr Video wurde angesehen",
    "Somebody accepted your invitation": "Jemand hat Ihre Einladung angenommen",
    "A webhook of yours was disabled": "Ein Webhook von Ihnen wurde abgeschaltet",
    "Messages to a Slack channel were disabled": "Nachrichten an einen Slack-Kanal wurden abgeschaltet",
    "The server's disk is nearly full (administrators)": (
        "Die Festplatte des Servers ist fast voll (für die Verwaltung)"
    ),
    "A workspace of yours has used most of its plan (its owners and administrators)": (
        "Ein Arbeitsbereich von Ihnen hat seinen Tarif fast aufgebraucht (für seine Leitung)"
    ),
}

REFUSALS = {
    "wrong_credentials": "Die E-Mail-Adresse oder das Passwort ist falsch.",
    "mfa_needed": "Es fehlt der Code Ihres zweiten Faktors.",
    "wrong_code": "Dieser Code ist falsch oder wurde schon verwendet. Warten Sie auf den nächsten.",
    "account_disabled": "Dieses Konto ist gesperrt. Fragen Sie, wer diesen Server betreibt.",
    "device_code_not_found": "Kein Gerät zeigt diesen Code, oder er ist abgelaufen.",
    "too_many_requests": "Das war viel auf einmal. Versuchen Sie es in einigen Minuten wieder.",
    "sign_in_over": "Die Anmeldung hat zu lange gedauert oder wurde in einem anderen Browser begonnen. "
    "Beginnen Sie noch einmal.",
    "provider_not_found": "Auf diesem Weg meldet sich hier niemand an.",
    "provider_refused": "Dort wurde die Anmeldung abgebrochen oder ist nicht erlaubt.",
    "provider_unreachable": "Der Anbieter antwortet gerade nicht. Versuchen Sie es später wieder.",
    "email_not_allowed": "Mit einer Adresse dieser Domain meldet sich hier niemand an.",
    "email_not_verified": "Ihre Adresse ist dort nicht bestätigt.",
    "account_exists": "Es gibt hier schon ein Konto mit Ihrer E-Mail-Adresse. Melden Sie sich auf die "
    "bisherige Weise an und verbinden Sie dann beide.",
    "no_account": "Sie haben hier kein Konto. Fragen Sie, wer diesen Server betreibt.",
    "identity_taken": "Dieses Konto ist hier schon mit einem anderen verbunden.",
    "too_many_identities": "Es sind schon zehn Konten verbunden.",
    "unavailable": "Der Server startet oder endet gerade. Versuchen Sie es gleich noch einmal.",
}
