using FitFlow.Identity.Features.Letters;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Invitations;

/// The studio's name is all in it that somebody chose, and it is not in the subject.
internal sealed class InvitationLetters
{
    private static readonly Dictionary<Role, (string English, string French)> Names = new()
    {
        [Role.GymOwner] = ("owner", "propriétaire"),
        [Role.Trainer] = ("trainer", "entraîneur"),
        [Role.Client] = ("client", "client"),
    };

    private readonly string _web;

    public InvitationLetters(IConfiguration configuration) => _web = configuration["Web:Address"] is { Length: > 0 } web && Uri.TryCreate(web, UriKind.Absolute, out _)
        ? web.TrimEnd('/')
        : throw new CannotStartException("Web__Address is not set: links in letters lead there.");

    public Letter Invite(string to, string language, string studio, IReadOnlyList<Role> roles, string token) => language == "fr"
        ? Letter.Of(to, "fr", "Un studio vous invite sur FitFlow",
            ["Bonjour,", $"Le studio « {studio} » vous invite à le rejoindre ({string.Join(", ", roles.Select(role => Names[role].French))})."],
            new("Accepter l’invitation", $"{_web}/invitation#token={token}"),
            ["Ce lien est valable 7 jours et ne sert qu’une fois, avec un compte FitFlow à cette adresse.", "Vous ne connaissez pas ce studio ? Ignorez ce message."])
        : Letter.Of(to, "en", "A studio invites you to FitFlow",
            ["Hello,", $"The studio “{studio}” invites you to join it ({string.Join(", ", roles.Select(role => Names[role].English))})."],
            new("Accept the invitation", $"{_web}/invitation#token={token}"),
            ["The link is good for 7 days, and works once, with a FitFlow account of this address.", "You do not know this studio? Ignore this."]);
}
