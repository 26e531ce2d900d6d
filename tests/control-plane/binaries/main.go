// Command strata-control-plane is a whole Kubernetes control plane in one program: etcd, the API server, the
// controller manager, the scheduler and KWOK (which plays nodes and kubelets); and kubectl, of the same release.
//
// It is built from the Go module proxy alone, because no package registry ships these programs as binaries.
// One program instead of six costs one link and shares the compiled client libraries. It runs the component
// named by its own file name (`kube-apiserver`, a link to this program), or else by its first argument
// (`strata-control-plane kube-apiserver --help`).
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	_ "time/tzdata" // CronJob time zones, on machines without a zone database

	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"          // the JSON log format
	_ "k8s.io/component-base/metrics/prometheus/clientgo" // the client's own metrics
	_ "k8s.io/component-base/metrics/prometheus/version"  // the build's version as a metric
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
	kwoksignals "sigs.k8s.io/kwok/pkg/utils/signals"
)

// components maps a component's name to what runs it. The commands are built only when they are chosen: each of
// them registers flags and feature gates in process-wide tables.
var components = map[string]func() int{
	"etcd":                    func() int { etcdmain.Main(os.Args); return 0 },
	"kube-apiserver":          func() int { return cli.Run(apiserver.NewAPIServerCommand()) },
	"kube-controller-manager": func() int { return cli.Run(controllermanager.NewControllerManagerCommand()) },
	"kube-scheduler":          func() int { return cli.Run(scheduler.NewSchedulerCommand()) },
	"kubectl":                 runKubectl,
	"kwok":                    runKwok,
}

// exitWithStdin names the environment variable that ties this process to the one that started it.
const exitWithStdin = "STRATA_EXIT_WITH_STDIN"

func main() {
	if os.Getenv(exitWithStdin) != "" {
		go exitAtEndOfInput()
	}
	name := filepath.Base(os.Args[0])
	run, ok := components[name]
	if !ok && len(os.Args) > 1 {
		name = os.Args[1]
		if run, ok = components[name]; ok {
			// The component must not see its own name as an argument.
			os.Args = slices.Delete(os.Args, 1, 2)
			os.Args[0] = name
		}
	}
	if !ok {
		fmt.Fprintf(os.Stderr, "usage: strata-control-plane COMPONENT [ARGUMENTS]\ncomponents: %s\n", names())
		os.Exit(2)
	}
	os.Exit(run())
}

// exitAtEndOfInput ends the process when its standard input is closed. The harness holds the other end of that pipe,
// so that no server is left behind when a test run is killed and has no time to clean up.
func exitAtEndOfInput() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// names lists the components in a stable order.
func names() string {
	all := make([]string, 0, len(components))
	for name := range components {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// runKubectl is what kubectl's own main package does.
func runKubectl() int {
	forgetServersFlags()
	_, _ = logs.GlogSetter(kubectl.GetLogVerbosity(os.Args)) // a wrong -v is refused where the flags are read
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		// Prints the error as kubectl does, and exits with its code.
		kubectlutil.CheckErr(err)
	}
	return 0
}

// runKwok is what KWOK's own main package does: it is not importable itself.
func runKwok() int {
	forgetServersFlags()
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}

	ctx, logger := kwoklog.InitFlags(kwoksignals.SetupSignalContext(), flags)
	ctx, err := kwokconfig.InitFlags(ctx, flags)
	if err != nil {
		logger.Error("reading the flags", "err", err)
		return 1
	}
	command := kwok.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	if err := command.ExecuteContext(ctx); err != nil {
		logger.Error("running", "err", err)
		return 1
	}
	return 0
}

// forgetServersFlags empties the process-wide set of flags, which every command inherits. The servers' packages put
// theirs there, among them a --version of their own type: KWOK trips over it, and kubectl has none.
func forgetServersFlags() {
	pflag.CommandLine = pflag.NewFlagSet(os.Args[0], pflag.ExitOnError)
}
