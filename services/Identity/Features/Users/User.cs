using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Users;

internal sealed record User(Guid Id, string Email, Role Role, string FirstName, string LastName, DateTimeOffset CreatedAt);
