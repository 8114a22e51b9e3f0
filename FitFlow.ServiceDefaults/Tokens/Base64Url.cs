using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Url = System.Buffers.Text.Base64Url;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>Base64url as RFC 7515 wants it: no padding, no white space, and exactly one spelling for each value.</summary>
public static class Base64Url
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Encode(ReadOnlySpan<byte> bytes) => Url.EncodeToString(bytes);

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.ContainsAnyExcept(Alphabet) || text.Length % 4 == 1) return false;

        // The last character's spare bits: the framework ignores them, so that several texts would mean the same.
        var spare = (text.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        if (spare != 0 && (ValueOf(text[^1]) & spare) != 0) return false;

        bytes = Url.DecodeFromChars(text);
        return true;
    }

    private static int ValueOf(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => letter - 'A',
        >= 'a' and <= 'z' => letter - 'a' + 26,
        >= '0' and <= '9' => letter - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
