using System.ComponentModel.DataAnnotations;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Accounts;

/// Long enough, and not what is tried first. No rules about digits and signs: they make passwords alike, not strong.
internal static class PasswordRules
{
    public const int MinLength = 10, MaxLength = 128;

    /// A part of the address shorter than this is in too many words by chance.
    private const int ShortestTelling = 4;

    private static readonly HashSet<string> Common = new(StringComparer.OrdinalIgnoreCase)
    {
        "1234567890", "12345678910", "0123456789", "9876543210", "0987654321", "1111111111", "0000000000", "1212121212", "1231231230",
        "123123123123", "1234512345", "1q2w3e4r5t", "1qaz2wsx3edc", "qwertyuiop", "qwerty1234", "qwerty12345", "qwerty123456", "azertyuiop",
        "azerty1234", "azerty12345", "asdfghjkl1", "asdfghjkl;", "zxcvbnm123", "qazwsxedcr", "abcdefghij", "abcdefghijk", "abcd123456",
        "abc1234567", "aaaaaaaaaa", "a123456789", "aa12345678", "password12", "password123", "password1234", "password12345", "passwordpassword",
        "password1!", "p@ssword123", "p@ssw0rd123", "passw0rd123", "passw0rd1234", "motdepasse", "motdepasse1", "motdepasse123", "letmein123",
        "letmein1234", "welcome123", "welcome1234", "bienvenue1", "bienvenue123", "iloveyou12", "iloveyou123", "iloveyou1234", "jetaime123",
        "changeme123", "administrator", "admin12345", "admin123456", "superman123", "football123", "baseball123", "basketball", "princess123",
        "sunshine123", "dragon12345", "monkey12345", "trustno1234", "startrek123", "starwars123", "liverpool1", "manchester", "montreal123",
        "toronto123", "computer123", "internet123", "fitflow123", "fitflow1234", "fitflowfitflow", "fitness123", "workout123", "trainer123",
    };

    [AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
    internal sealed class PasswordAttribute() : StringLengthAttribute(MaxLength)
    {
        public override bool IsValid(object? value) => value is null || (value is string { Length: >= MinLength and <= MaxLength });

        public override string FormatErrorMessage(string name) => $"has {MinLength} to {MaxLength} characters";
    }

    /// What is wrong with a password of the right length, or null.
    public static ProblemHttpResult? Refuse(string password, string email)
    {
        var local = email[..Math.Max(0, email.LastIndexOf('@'))];
        var isCommon = Common.Contains(password) || password.Distinct().Count() < ShortestTelling;
        var tellsAddress = local.Length >= ShortestTelling && password.Contains(local, StringComparison.OrdinalIgnoreCase);
        return (isCommon, tellsAddress) switch
        {
            (true, _) => Problems.Invalid("password", "is among the first that anybody would try", "accounts.weak_password"),
            (_, true) => Problems.Invalid("password", "contains the e-mail address", "accounts.weak_password"),
            _ => null,
        };
    }
}
