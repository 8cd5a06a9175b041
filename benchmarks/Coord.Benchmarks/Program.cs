using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using Coord.Benchmarks;

// In this process, whatever job is asked for: a generated project would stand below this repository's build settings,
// which refuse it.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath("artifacts/benchmarks");
var summaries = BenchmarkSwitcher.FromAssembly(typeof(CodecBenchmarks).Assembly).Run([.. args, "--inProcess"], config);
return summaries.Any(s => s.HasCriticalValidationErrors || s.Reports.Any(r => !r.Success)) ? 1 : 0;
