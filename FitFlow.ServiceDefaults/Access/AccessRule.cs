using Microsoft.AspNetCore.Builder;

namespace FitFlow.ServiceDefaults;

/// <summary>Who may use a route. A group says it for its routes, a route may say it anew; a route that says nothing stops the start.</summary>
public static class AccessRules
{
    /// <summary>For <see cref="AllowServices"/>: whichever service it is.</summary>
    public const string AnyService = "*";

    /// <summary>People with one of these roles: in the studio on <c>InStudio</c> routes, on the platform elsewhere.</summary>
    public static TBuilder Allow<TBuilder>(this TBuilder routes, params Role[] roles) where TBuilder : IEndpointConventionBuilder =>
        routes.Change(rule => rule with { Roles = roles.Aggregate((all, role) => all | role) });

    /// <summary>These services, calling on nobody's behalf.</summary>
    public static TBuilder AllowServices<TBuilder>(this TBuilder routes, params string[] services) where TBuilder : IEndpointConventionBuilder =>
        routes.Change(rule => rule with { Services = services });

    /// <summary>Anybody, signed in or not.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.Change(rule => rule with { IsPublic = true });

    /// <summary>Requests are about one studio, which they name in <c>X-Studio-Id</c> and which the caller belongs to.</summary>
    public static TBuilder InStudio<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.Change(rule => rule with { InStudio = true });

    /// <summary>
    /// As <see cref="InStudio{TBuilder}"/>; a platform admin who names no studio asks for all of them (<see cref="Caller.StudioOrAll"/>).
    /// </summary>
    public static TBuilder InStudioOrAll<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.Change(rule => rule with { InStudio = true, OrAll = true });

    private static TBuilder Change<TBuilder>(this TBuilder routes, Func<AccessRule, AccessRule> change) where TBuilder : IEndpointConventionBuilder
    {
        // A group's conventions run before its routes' own, so the last rule on an endpoint is the sum of all that was said.
        routes.Add(endpoint =>
        {
            endpoint.Metadata.Add(change(endpoint.Metadata.OfType<AccessRule>().LastOrDefault() ?? AccessRule.Nothing));
            ValidationFilter.AddTo(endpoint);
        });
        return routes;
    }
}

internal sealed record AccessRule(Role Roles, IReadOnlyList<string> Services, bool IsPublic, bool InStudio)
{
    /// <summary>In a studio, or in all of them for an admin who names none.</summary>
    public bool OrAll { get; init; }

    public static AccessRule Nothing { get; } = new(Role.None, [], IsPublic: false, InStudio: false);

    /// <summary>What is wrong with the rule, or null.</summary>
    public string? Flaw => this switch
    {
        { IsPublic: true, InStudio: true } => "is public and in a studio",
        { IsPublic: true, Roles: not Role.None } or { IsPublic: true, Services.Count: > 0 } => "is public and restricted at once",
        { IsPublic: false, Roles: Role.None, Services.Count: 0 } => "does not say who may use it",
        _ => null,
    };

    public bool Admits(Caller caller) => caller.IsService
        ? Services.Contains(caller.Service, StringComparer.Ordinal) || Services.Contains(AccessRules.AnyService, StringComparer.Ordinal)
        : Roles == Role.Everyone || caller.Is(Roles);
}
