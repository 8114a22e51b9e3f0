using FitFlow.Identity.Features.Sessions;

namespace FitFlow.Identity.Features.Invitations;

/// A secret that leads into a studio. It says into which: nothing is looked up across studios.
internal static class StudioToken
{
    public const int Length = StudioLength + Secret.Length;

    private const int StudioLength = 32;

    public sealed record Parsed(Guid Studio, byte[] Hash);

    public static string New(Guid studio) => $"{studio:N}{Secret.New()}";

    /// Null when it was made by nobody here.
    public static Parsed? Parse(string token) =>
        token.Length == Length && Guid.TryParseExact(token[..StudioLength], "N", out var studio) && studio != Guid.Empty ? new Parsed(studio, Hash(token)) : null;

    public static byte[] Hash(string token) => Secret.Hash(token);
}
