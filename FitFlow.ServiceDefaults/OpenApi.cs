using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace FitFlow.ServiceDefaults;

/// <summary><c>/openapi/v1.json</c>: every route with who may use it, in words and, as <c>x-roles</c>, for programs.</summary>
internal static class OpenApi
{
    private const string Scheme = "bearer";
    private const string Access = "x-roles";

    public static void AddOpenApiDocument(this WebApplicationBuilder builder, string service) => builder.Services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = NameOf;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = $"FitFlow {service}", Version = "v1" };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (!type.IsEnum) return Task.CompletedTask;
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. (type == typeof(Role) ? Roles.All : EnumJson.NamesOf(type)).Select(name => JsonValue.Create(name))];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<AccessRule>().LastOrDefault() is { } rule) Describe(operation, rule, context.Document!);
            return Task.CompletedTask;
        });
    });

    public static void MapOpenApiDocument(this WebApplication app) => app.MapOpenApi().Public();

    /// <summary>Each use case has its Request: outside, it is known as RegisterRequest.</summary>
    private static string? NameOf(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name ? null
        : type.Type.DeclaringType is { } useCase && !name.StartsWith(useCase.Name, StringComparison.Ordinal) ? useCase.Name + name
        : name;

    private static void Describe(OpenApiOperation operation, AccessRule rule, OpenApiDocument document)
    {
        operation.Description = string.Join(" ", new[] { operation.Description, SayWho(rule) }.Where(text => !string.IsNullOrEmpty(text)));
        operation.AddExtension(Access, new JsonNodeExtension(JsonSerializer.SerializeToNode(
            new { Roles = Roles.NamesOf(rule.Roles), rule.Services, rule.InStudio, Public = rule.IsPublic }, Json.Options)!));
        if (rule.IsPublic) return;

        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        if (!rule.InStudio) return;
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = AccessCheck.StudioHeader,
            In = ParameterLocation.Header,
            Required = true,
            Description = "The studio that this is about.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
        });
    }

    private static string SayWho(AccessRule rule)
    {
        if (rule.IsPublic) return "For anybody.";
        var people = rule.Roles == Role.Everyone ? (rule.InStudio ? "every member" : "everybody signed in") : string.Join(", ", Roles.NamesOf(rule.Roles));
        var services = rule.Services.Count > 0 ? $"the services {string.Join(", ", rule.Services)}" : "";
        return $"For {string.Join(" and ", new[] { people, services }.Where(text => text.Length > 0))}{(rule.InStudio ? ", in the studio named by X-Studio-Id" : "")}.";
    }
}
