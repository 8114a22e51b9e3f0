namespace FitFlow.Identity.Features.Users;

/// As people write them: +1 (514) 555-0199.
internal static class PhoneNumber
{
    public const string Pattern = @"\+?[0-9][0-9 ().\-]{3,18}", Wrong = "is no telephone number: digits, spaces, ( ) . - and a + in front";
}
