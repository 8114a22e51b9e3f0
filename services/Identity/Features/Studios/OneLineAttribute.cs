using System.ComponentModel.DataAnnotations;

namespace FitFlow.Identity.Features.Studios;

/// A name becomes the subject of letters: no line break gets into it, nor what a terminal would obey.
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class OneLineAttribute() : ValidationAttribute("has a line break or another control character")
{
    public override bool IsValid(object? value) => value is not string text || Holds(text);

    public static bool Holds(string text) => !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029');
}
