namespace FitFlow.Identity.Features.Users;

/// What FitFlow speaks.
internal static class Languages
{
    public const string English = "en", French = "fr", Wrong = "is not one of: en, fr";
}
