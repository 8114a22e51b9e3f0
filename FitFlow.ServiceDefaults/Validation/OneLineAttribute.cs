using System.ComponentModel.DataAnnotations;

namespace FitFlow.ServiceDefaults;

/// <summary>A name becomes the subject of letters: no line break gets into it, nor what a terminal would obey.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class OneLineAttribute() : ValidationAttribute("has a line break or another control character")
{
    public override bool IsValid(object? value) => value is not string text || Holds(text);

    /// <summary>Whether it is one line.</summary>
    public static bool Holds(string text) => !text.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029');
}
