namespace Aspire.Hosting.ApplicationModel;

/// <summary>Has a value when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>The value, once it is known.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Has a place holder in the manifest.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The place holder, such as {mysql.connectionString}.</summary>
    string ValueExpression { get; }
}

/// <summary>Both a value and a place holder.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>A value that is put together from others.</summary>
public interface IValueWithReferences
{
    /// <summary>What it is put together from.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>A connection string by the name of its resource.</summary>
public class ConnectionStringReference(IResourceWithConnectionString resource, bool optional) : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    /// <summary>The resource.</summary>
    public IResourceWithConnectionString Resource { get; } = resource;

    /// <summary>Whether it may be missing.</summary>
    public bool Optional { get; } = optional;

    /// <summary>The name it is injected by, when it is not the resource's.</summary>
    public string? ConnectionName { get; set; }

    string IManifestExpressionProvider.ValueExpression => Resource.ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [Resource];

    async ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken)
    {
        var value = await Resource.GetConnectionStringAsync(cancellationToken);
        if (string.IsNullOrEmpty(value) && !Optional)
            throw new DistributedApplicationException($"The connection string of '{Resource.Name}' has no value.");
        return value;
    }
}
