using FitFlow.Hosting.Local;
using FitFlow.Hosting.Local.Servers;

namespace FitFlow.Hosting.Tests.Servers;

public sealed class AptSourceTests : IDisposable
{
    private readonly DirectoryInfo _apt = Directory.CreateTempSubdirectory("fitflow-apt-");
    private readonly Distribution _bookworm = new("debian", "bookworm", "amd64");

    [Fact]
    public void ReadsStanzas()
    {
        Write("sources.list.d/debian.sources", """
            # A comment
            Types: deb deb-src
            # in between
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main contrib
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Enabled: no
            Types: deb
            URIs: http://mirror.example/disabled
            Suites: bookworm
            Components: main

            Types: deb-src
            URIs: http://mirror.example/source
            Suites: bookworm
            Components: main
            """);

        var source = Assert.Single(_bookworm.OwnSources(AptSource.OfThisMachine(_apt.FullName)));

        Assert.Equal(
            """
            Types: deb
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main
            Architectures: amd64
            Targets: Packages
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg


            """, source.ToStanza("amd64"));
    }

    [Fact]
    public void ReadsOneLineEntries()
    {
        Write("sources.list", """
            # deb http://mirror.example/comment bookworm main
            deb-src http://mirror.example/source bookworm main
            deb [arch=amd64,arm64 signed-by=/keys/debian.gpg] http://mirror.example/debian bookworm main non-free # the rest
              deb http://mirror.example/security bookworm-security main
            deb http://mirror.example/other nodistro main
            """);

        var sources = _bookworm.OwnSources(AptSource.OfThisMachine(_apt.FullName));

        Assert.Equal(["http://mirror.example/debian", "http://mirror.example/security"], sources.SelectMany(source => source.Uris));
        Assert.Contains("Signed-By: /keys/debian.gpg\n", sources[0].ToStanza("amd64"), StringComparison.Ordinal);
        Assert.DoesNotContain("arm64", sources[0].ToStanza("amd64"), StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsAKeyThatStandsInTheStanza()
    {
        Write("sources.list.d/debian.sources", """
            Types: deb
            URIs: http://mirror.example/debian
            Suites: bookworm
            Components: main
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6JDcKw/NZJPR8lsD3K87ZM18gzyQZJD+w
             -----END PGP PUBLIC KEY BLOCK-----
            """);

        var stanza = Assert.Single(_bookworm.OwnSources(AptSource.OfThisMachine(_apt.FullName))).ToStanza("amd64");

        Assert.Contains("Signed-By: -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINB", stanza, StringComparison.Ordinal);
    }

    [Fact]
    public void UnstableComesFromTheDistributionsMirror()
    {
        Write("sources.list.d/a-vendor.list", "deb [signed-by=/keys/vendor.gpg] http://vendor.example/debian bookworm main");
        Write("sources.list.d/debian.list", """
            deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/security bookworm-security main
            deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian bookworm main
            """);

        var unstable = Assert.Single(_bookworm.Unstable(AptSource.OfThisMachine(_apt.FullName)));

        Assert.Equal("http://mirror.example/debian", Assert.Single(unstable.Uris));
        Assert.Equal("unstable", Assert.Single(unstable.Suites));
    }

    [Fact]
    public void UbuntusServersAreInUniverse()
    {
        Write("sources.list", "deb http://mirror.example/ubuntu noble main universe restricted");
        var source = Assert.Single(new Distribution("ubuntu", "noble", "arm64").OwnSources(AptSource.OfThisMachine(_apt.FullName)));
        Assert.Equal(["main", "universe"], source.Components);
    }

    [Fact]
    public void AMachineThatNamesNoSourcesIsOneLine()
    {
        var error = Assert.Throws<LocalHostingException>(() => _bookworm.OwnSources(AptSource.OfThisMachine(_apt.FullName)));
        Assert.StartsWith("apt's sources on this machine name no bookworm packages", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _apt.Delete(recursive: true);

    private void Write(string file, string text)
    {
        var path = Path.Combine(_apt.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
