using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace FitFlow.Identity.Features.Accounts;

/// An address that mail can be sent to, and nothing besides: no display name, no comment, no quotes, no second address, nothing that a mail
/// server could read in two ways. White space around it is forgiven.
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed partial class EmailAttribute : ValidationAttribute
{
    public const int MaxLength = 254;

    public EmailAttribute() : base("is not an e-mail address")
    {
    }

    public override bool IsValid(object? value) => value is null || (value is string text && text.Length <= MaxLength && Address().IsMatch(text.Trim()));

    [GeneratedRegex(
        """^[^\s\p{C}\p{Z}@<>()\[\],;:\\".]+(\.[^\s\p{C}\p{Z}@<>()\[\],;:\\".]+)*@([\p{L}\p{Nd}]([\p{L}\p{Nd}-]{0,61}[\p{L}\p{Nd}])?\.)+[\p{L}\p{Nd}][\p{L}\p{Nd}-]*[\p{L}\p{Nd}]\z""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Address();
}
