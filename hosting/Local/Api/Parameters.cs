using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adding parameters and connection strings.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value comes from the configuration.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(FromConfiguration(builder, name, secret));

    /// <summary>Adds a parameter with a value that the configuration may replace.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddParameter(name, () => value, publishValueAsDefault, secret);

    /// <summary>Adds a parameter with a value that the configuration may replace.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, Func<string> valueGetter, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret) throw new ArgumentException("A secret must not be published as a default.", nameof(publishValueAsDefault));
        var parameter = FromConfiguration(builder, name, secret);
        // In the manifest a value is given from outside, unless it is to be published.
        if (builder.ExecutionContext.IsRunMode || publishValueAsDefault) parameter.Default = new ConstantParameterDefault(valueGetter);
        return builder.AddResource(parameter);
    }

    /// <summary>Adds a parameter with a default such as a random text, kept from run to run when asked.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false)
    {
        var parameter = FromConfiguration(builder, name, secret);
        parameter.Default = persist && builder.ExecutionContext.IsRunMode ? Kept(builder, name, value) : value;
        return builder.AddResource(parameter);
    }

    /// <summary>Adds a connection string that the configuration holds.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource<IResourceWithConnectionString>(new ConnectionStringParameterResource(name, _ => builder.Configuration.GetConnectionString(name)
            ?? throw new MissingParameterValueException($"the connection string '{name}' has no value; set ConnectionStrings__{name}"), environmentVariableName));

    /// <summary>A generated password that is kept; it joins the application when something refers to it.</summary>
    public static ParameterResource CreateDefaultPasswordParameter(IDistributedApplicationBuilder builder, string name, bool lower = true, bool upper = true, bool numeric = true, bool special = true, int minLower = 0, int minUpper = 0, int minNumeric = 0, int minSpecial = 0)
    {
        var generate = new GenerateParameterDefault { MinLength = 22, Lower = lower, Upper = upper, Numeric = numeric, Special = special, MinLower = minLower, MinUpper = minUpper, MinNumeric = minNumeric, MinSpecial = minSpecial };
        var parameter = FromConfiguration(builder, name, secret: true);
        parameter.Default = builder.ExecutionContext.IsRunMode ? Kept(builder, name, generate) : generate;
        return parameter;
    }

    private static ParameterResource FromConfiguration(IDistributedApplicationBuilder builder, string name, bool secret) =>
        new(name, fallback => builder.Configuration[$"Parameters:{name}"] ?? fallback?.GetDefaultValue()
            ?? throw new MissingParameterValueException($"the parameter '{name}' has no value; set Parameters__{name}"), secret);

    private static PersistedParameterDefault Kept(IDistributedApplicationBuilder builder, string name, ParameterDefault value) =>
        new(value, () => ((DistributedApplicationBuilder)builder).Secrets.GetOrAdd($"Parameters:{name}", value.GetDefaultValue));

    private sealed class ConnectionStringParameterResource : ParameterResource, IResourceWithConnectionString
    {
        public ConnectionStringParameterResource(string name, Func<ParameterDefault?, string> callback, string? environmentVariableName) : base(name, callback, secret: true)
        {
            ConnectionStringEnvironmentVariable = environmentVariableName;
            IsConnectionString = true;
        }

        public string? ConnectionStringEnvironmentVariable { get; }

        public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{new ValueOf(this)}");

        string IManifestExpressionProvider.ValueExpression => ValueExpression;

        ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(cancellationToken);

        /// <summary>The parameter itself, whose expression is not its connection string's.</summary>
        private sealed class ValueOf(ParameterResource parameter) : IExpressionValue
        {
            public string ValueExpression => $"{{{parameter.Name}.value}}";

            public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => parameter.GetValueAsync(cancellationToken);
        }
    }
}

/// <summary>A connection string that is put together from others.</summary>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
}

/// <summary>Adding connection strings that are put together.</summary>
public static class ConnectionStringBuilderExtensions
{
    /// <summary>Adds a connection string that is put together from others.</summary>
    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
}
