using FitFlow.Data;
using FitFlow.ServiceDefaults;
using static FitFlow.ServiceDefaults.Role;

namespace FitFlow.Identity.Features.Accounts;

internal static class Accounts
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Passwords>();
        builder.Services.AddSingleton<Attempts>();
        builder.Services.AddSingleton<LetterLimit>();
        builder.Services.AddSingleton<OneTimeTokens>();
        builder.Services.AddSingleton<AccountLetters>();
        builder.Services.AddHostedService<SweepAccounts>();
        builder.Services.AddAfterMigration(FirstAdmin.Invite);
    }

    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth");

        auth.MapPost("/register", Register.Handle).Public();
        auth.MapPost("/verify-email", VerifyEmail.Handle).Public();
        auth.MapPost("/verify-email/resend", ResendVerification.Handle).Public();
        auth.MapPost("/login", Login.Handle).Public();
        auth.MapPost("/forgot-password", ForgotPassword.Handle).Public();
        auth.MapPost("/reset-password", ResetPassword.Handle).Public();
        auth.MapPost("/change-password", ChangePassword.Handle).Allow(Everyone);
    }
}
