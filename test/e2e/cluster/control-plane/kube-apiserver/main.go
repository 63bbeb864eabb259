// Program kube-apiserver is the command of k8s.io/kubernetes, which go install refuses: its staging modules are replaced.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
