using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FitFlow.Identity.Features.Sessions;

/// Something that only its holder knows: 256 random bits to give away, and their hash to keep.
internal static class Secret
{
    /// As long as every secret, and no longer than the text that a request may carry.
    public const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// Plain SHA-256 is enough here: nobody guesses 256 bits.
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
