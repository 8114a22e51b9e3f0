using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Accounts;

internal static class Accounts
{
    public static void MapAccounts(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth");

        auth.MapPost("/register", Register.Handle).Public();
        auth.MapPost("/login", Login.Handle).Public();
    }
}
