using FitFlow.Identity.Features.Letters;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Accounts;

/// What Identity writes to people, in their language. Nothing in it was chosen by whoever caused it: nobody can make us send their words.
/// Secrets stand behind the # of a link, which browsers tell no server.
internal sealed class AccountLetters
{
    private readonly string _web;

    public AccountLetters(IConfiguration configuration) => _web = configuration["Web:Address"] is { Length: > 0 } web && Uri.TryCreate(web, UriKind.Absolute, out _)
        ? web.TrimEnd('/')
        : throw new CannotStartException("Web__Address is not set: links in letters lead there.");

    public Letter Verify(string to, string language, string token) => language == "fr"
        ? Letter.Of(to, "fr", "Confirmez votre adresse e-mail",
            ["Bonjour,", "Il ne reste qu’une étape pour ouvrir votre compte FitFlow : confirmez que cette adresse est bien la vôtre."],
            new("Confirmer mon adresse", $"{_web}/verify-email#token={token}"),
            ["Ce lien est valable 48 heures et ne sert qu’une fois.", "Vous n’avez rien demandé ? Ignorez ce message : sans votre confirmation, aucun compte n’est ouvert."])
        : Letter.Of(to, "en", "Confirm your e-mail address",
            ["Hello,", "One step is left to open your FitFlow account: confirm that this address is yours."],
            new("Confirm my address", $"{_web}/verify-email#token={token}"),
            ["The link is good for 48 hours, and works once.", "You did not ask for this? Ignore it: without your confirmation no account is opened."]);

    public Letter AlreadyThere(string to, string language) => language == "fr"
        ? Letter.Of(to, "fr", "Vous avez déjà un compte FitFlow",
            ["Bonjour,", "Quelqu’un, sans doute vous, vient de demander un compte FitFlow pour cette adresse. Elle en a déjà un : il suffit de vous connecter."],
            new("Me connecter", $"{_web}/sign-in"),
            [$"Mot de passe oublié ? Choisissez-en un nouveau : {_web}/forgot-password", "Ce n’était pas vous ? Ignorez ce message : rien n’a changé."])
        : Letter.Of(to, "en", "You already have a FitFlow account",
            ["Hello,", "Somebody, most likely you, has just asked for a FitFlow account for this address. It has one already: simply sign in."],
            new("Sign in", $"{_web}/sign-in"),
            [$"You forgot the password? Choose a new one: {_web}/forgot-password", "It was not you? Ignore this: nothing has changed."]);

    public Letter Reset(string to, string language, string token) => language == "fr"
        ? Letter.Of(to, "fr", "Choisissez un nouveau mot de passe",
            ["Bonjour,", "Vous avez demandé un nouveau mot de passe pour votre compte FitFlow."],
            new("Choisir un mot de passe", $"{_web}/reset-password#token={token}"),
            ["Ce lien est valable une heure et ne sert qu’une fois. Vous serez ensuite déconnecté partout.", "Vous n’avez rien demandé ? Ignorez ce message : votre mot de passe reste le même."])
        : Letter.Of(to, "en", "Choose a new password",
            ["Hello,", "You asked for a new password for your FitFlow account."],
            new("Choose a password", $"{_web}/reset-password#token={token}"),
            ["The link is good for one hour, and works once. Afterwards you are signed out everywhere.", "You did not ask for this? Ignore it: your password stays as it is."]);

    public Letter Changed(string to, string language) => language == "fr"
        ? Letter.Of(to, "fr", "Votre mot de passe a été changé",
            ["Bonjour,", "Le mot de passe de votre compte FitFlow vient d’être changé, et vos autres appareils ont été déconnectés."],
            new("Ce n’était pas moi", $"{_web}/forgot-password"),
            ["Si c’était vous, il n’y a rien à faire."])
        : Letter.Of(to, "en", "Your password was changed",
            ["Hello,", "The password of your FitFlow account has just been changed, and your other devices were signed out."],
            new("It was not me", $"{_web}/forgot-password"),
            ["If it was you, there is nothing to do."]);

    public Letter Opened(string to, string language, string token) => language == "fr"
        ? Letter.Of(to, "fr", "Votre compte FitFlow est prêt",
            ["Bonjour,", "Un compte FitFlow a été ouvert pour cette adresse. Choisissez un mot de passe pour commencer."],
            new("Choisir un mot de passe", $"{_web}/reset-password#token={token}"),
            ["Ce lien est valable sept jours et ne sert qu’une fois. Après cela, demandez-en un autre :", $"{_web}/forgot-password", "Vous n’attendiez rien ? Ignorez ce message."])
        : Letter.Of(to, "en", "Your FitFlow account is ready",
            ["Hello,", "A FitFlow account has been opened for this address. Choose a password to begin."],
            new("Choose a password", $"{_web}/reset-password#token={token}"),
            ["The link is good for seven days, and works once. After that, ask for a new one:", $"{_web}/forgot-password", "You did not expect this? Ignore it."]);

    public Letter PasskeyAdded(string to, string language) => language == "fr"
        ? Letter.Of(to, "fr", "Une clé d’accès a été ajoutée à votre compte",
            ["Bonjour,", "Une clé d’accès vient d’être ajoutée à votre compte FitFlow : elle permet de se connecter sans mot de passe."],
            new("Voir mes clés d’accès", $"{_web}/passkeys"),
            ["Si c’était vous, il n’y a rien à faire. Sinon, supprimez-la et changez votre mot de passe."])
        : Letter.Of(to, "en", "A passkey was added to your account",
            ["Hello,", "A passkey has just been added to your FitFlow account: it signs in without a password."],
            new("See my passkeys", $"{_web}/passkeys"),
            ["If it was you, there is nothing to do. If not, remove it and change your password."]);

    public Letter FirstAdmin(string to, string token) => Letter.Of(to, "en", "Your FitFlow platform is ready",
        ["Hello,", "FitFlow has been set up with this address as its first administrator. Choose a password to begin."],
        new("Choose a password", $"{_web}/reset-password#token={token}"),
        ["The link is good for 48 hours, and works once. After that, ask for a new one:", $"{_web}/forgot-password"]);
}
