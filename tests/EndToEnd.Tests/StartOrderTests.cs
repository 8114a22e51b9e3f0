using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace FitFlow.EndToEnd.Tests;

/// What waits for what, in the model as the AppHost makes it.
public sealed class StartOrderTests
{
    [Fact]
    public async Task NoServicePublishesBeforeEveryQueueIsDeclared()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.FitFlow_AppHost>([], CancellationToken.None);
        var projects = builder.Resources.OfType<ProjectResource>().ToList();
        var migrations = projects.Where(project => project.Name.EndsWith("-migrate", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(migrations);

        foreach (var service in projects.Where(project => projects.Any(migrate => migrate.Name == $"{project.Name}-migrate")))
        {
            var waitsFor = service.Annotations.OfType<WaitAnnotation>().Where(wait => wait.WaitType == WaitType.WaitForCompletion).Select(wait => wait.Resource.Name);
            Assert.Equal(migrations.Select(migrate => migrate.Name).Order(), waitsFor.Order());
        }
    }

    [Fact]
    public async Task EveryServiceButIdentityHasASecretThatIdentityKnows()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.FitFlow_AppHost>([], CancellationToken.None);
        var secrets = builder.Resources.OfType<ParameterResource>().Where(parameter => parameter.Name.EndsWith("-service-secret", StringComparison.Ordinal)).ToList();
        var services = builder.Resources.OfType<ProjectResource>().Select(project => project.Name).Where(name => name != "identity" && !name.EndsWith("-migrate", StringComparison.Ordinal));

        Assert.Equal(services.Select(name => $"{name}-service-secret").Order(), secrets.Select(secret => secret.Name).Order());
        Assert.All(secrets, secret => Assert.True(secret.Secret));
    }
}
