using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Users;

/// One's own account.
internal sealed record Me(
    Guid Id, string Email, Role Role, string FirstName, string LastName, string? Phone, string Language,
    DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt, DateTimeOffset? WelcomedAt);
